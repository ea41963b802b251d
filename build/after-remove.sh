#!/bin/sh
if [ -L '/usr/bin/keywitness' ]; then rm -f '/usr/bin/keywitness'; fi
