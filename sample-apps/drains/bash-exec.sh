#!/bin/bash
set -euo pipefail
export NODE_ENV="${NODE_ENV:-production}"
echo "starting in $NODE_ENV"
exec node server.js
