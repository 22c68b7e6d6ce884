#!/bin/sh
# What tests use beside Python: Chromium for pages, PSPP for SPSS files. Only root can install them; without one of
# them the tests that need it say how they were skipped.
missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
command -v pspp >/dev/null 2>&1 || missing="$missing pspp"
[ -n "$missing" ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
apt-get -qq update >/dev/null || exit 0
for tool in $missing; do
  echo "Installing $tool for the tests …"
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$tool" >/dev/null ||
    echo "$tool could not be installed; the tests that need it will say so."
done
