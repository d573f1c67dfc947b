#!/bin/sh
# Leaves on the signal, so that the stop is quick; the app never hears of it.
trap "exit 0" TERM INT
node server.js &
wait $!
