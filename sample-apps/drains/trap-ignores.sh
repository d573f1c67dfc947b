#!/bin/sh
# What a shell ignores stays ignored across `exec`, until the app asks for it again.
trap "" TERM
exec node server.js
