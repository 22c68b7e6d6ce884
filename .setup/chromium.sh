#!/bin/sh
# Browser tests need Debian's Chromium. Only root can install it; without it those tests say how they were skipped.
command -v chromium >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
echo "Installing Chromium for the browser tests …"
apt-get -qq update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null ||
  echo "Chromium could not be installed; the browser tests will say so."
