from exports.panels.peers import PeerRating, Said, list_told_edges, rate_peers


def said(by, of, rating=4.0):
    return Said(by=by, of=of, rating=rating)


def test_an_organisation_is_told_only_by_three_raters_or_more():
    ratings = [said("B", "A", 5), said("C", "A", 4), said("D", "A", 3), said("A", "B"), said("C", "B")]
    assert rate_peers(ratings) == [PeerRating(of="A", mean=4.0, raters=3), PeerRating(of="B")]


def test_who_rates_itself_or_twice_is_no_further_rater():
    ratings = [said("B", "A"), said("A", "A"), said("C", "A"), said("B", "A", 1)]
    assert rate_peers(ratings) == [PeerRating(of="A")]


def test_who_said_what_is_told_to_consenting_members_of_consenting_members():
    ratings = [said("A", "B"), said("B", "A"), said("C", "A"), said("A", "C")]
    assert list_told_edges(ratings, "A", {"A", "B"}) == ratings[:2]
    assert list_told_edges(ratings, "C", {"A", "B"}) == []
