#!/bin/sh
# Debian: the command beside the app.
ln -sf '/opt/Keywitness/resources/bin/keywitness' '/usr/bin/keywitness'
if [ -f '/opt/Keywitness/chrome-sandbox' ]; then chmod 4755 '/opt/Keywitness/chrome-sandbox'; fi
