#!/bin/sh
# A shell runs its trap when the command in the foreground is done, and the app never is.
trap 'echo "stopping"; kill -TERM "$(pidof node)"' TERM
node server.js
