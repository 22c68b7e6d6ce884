"""A stand-in for Twilio on this machine: its REST API with a memory, its signed webhooks, and its bad days.

Tests speak to it with the real Twilio client, and people rehearse with it (`surveyapp simulate-gateway`).
"""
