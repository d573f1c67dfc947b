#!/bin/sh
# Passes the signal on, but does not wait for what the app makes of it.
trap 'kill -TERM "$child"; exit 0' TERM
node server.js &
child=$!
wait "$child"
