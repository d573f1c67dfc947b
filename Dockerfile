# This program as an image. `docker build -t shutdown-check .` makes it where a build can reach the npm registry;
# `npm run image` where only this machine can. docs/ci.md says how it is run, and what it has not got.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS package
WORKDIR /build
COPY . .
# What is published is what is in the image. `npm run image` brings this folder with it.
RUN test -d package \
 || { npm ci --ignore-scripts \
 && npm pack \
 && tar -xzf shutdown-check-*.tgz \
 && cp package-lock.json package/ \
 && npm ci --prefix package --omit=dev --ignore-scripts; }

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
COPY --from=package /build/package /app
# Exec form: it is PID 1, and takes SIGTERM itself. All that it starts ends with it.
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["--help"]
