#!/bin/sh
# Passes the signal on, and leaves when the app has left.
trap 'kill -TERM "$child"; wait "$child"' TERM
node server.js &
child=$!
wait "$child"
