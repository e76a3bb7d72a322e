# Foyer in one image: server, pages and media worker.
#
#   docker build -t foyer .
#   docker run --name foyer -p 3000:3000 -p 40000-40003:40000-40003/udp -p 40000-40003:40000-40003/tcp \
#     -e FOYER_RTC_ANNOUNCED_ADDRESS=203.0.113.7 -v foyer-data:/data foyer
#   docker exec foyer node server/add-agent.ts --email ada@example.com --name "Ada Lind"
#
# Each media worker listens on one UDP and TCP port, from FOYER_RTC_PORT (40000) upwards: publish as many as there are
# workers. Browsers are told the announced address: inside a container nothing else could know it.

FROM node:24-bookworm AS build
WORKDIR /foyer

# What changes seldom first: dependencies and media worker. The cache keeps a worker that had to be built from source
# for later images; only the version of mediasoup makes a new one.
COPY package.json package-lock.json .npmrc ./
COPY scripts/foyer.mjs scripts/
COPY scripts/launcher scripts/launcher
COPY media/worker-build media/worker-build
RUN --mount=type=cache,target=/root/.cache/foyer,sharing=locked node scripts/foyer.mjs setup --without-pages

COPY . .
RUN --mount=type=cache,target=/root/.cache/foyer,sharing=locked node scripts/foyer.mjs setup
RUN npm prune --omit=dev \
  && cd node_modules/mediasoup/worker \
  && rm -rf deps fbs fuzzer include mocks scripts src subprojects test

FROM node:24-bookworm-slim
# Needed by a worker that was built from source; a prebuilt one brings them along.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libabsl20220623 libsrtp2-1 libssl3 libuv1 \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /foyer
COPY --from=build /foyer/package.json ./
COPY --from=build /foyer/node_modules node_modules
COPY --from=build /foyer/protocol protocol
COPY --from=build /foyer/media media
COPY --from=build /foyer/cobrowse cobrowse
COPY --from=build /foyer/server server
COPY --from=build /foyer/dist dist

# A worker that does not start here should fail the build and not the first call: 41 is what it answers when nobody
# tells it a mediasoup version.
RUN ./node_modules/mediasoup/worker/out/Release/mediasoup-worker 2>/dev/null; test $? -eq 41

# The image's own user; a folder mounted at /data must belong to it (uid 1000).
RUN install -d -o node -g node /data
USER node
# As many media workers as ports are exposed, whatever the machine has: a call on a worker without one would stay silent.
ENV NODE_ENV=production FOYER_HOST=0.0.0.0 FOYER_DATA_DIR=/data FOYER_MEDIA_WORKERS=4
# Compiled code is kept from one start of a container to the next: it starts sooner and stays smaller.
ENV NODE_COMPILE_CACHE=/tmp/foyer-compiled-code
VOLUME /data
EXPOSE 3000 40000-40003/udp 40000-40003/tcp

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", \
  "fetch(`http://127.0.0.1:${process.env.FOYER_PORT || 3000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# The server itself is process 1: it handles SIGTERM and reaps its workers, which are its only children.
CMD ["node", "server/main.ts"]
