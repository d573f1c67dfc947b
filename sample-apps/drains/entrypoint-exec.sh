#!/bin/sh
set -e
export NODE_ENV="${NODE_ENV:-production}"
echo "starting in $NODE_ENV"
exec "$@"
