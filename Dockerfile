# The server and the Slack app in one image: the same parts that `npm start` builds and starts, without the embedded
# database. Which of the two runs is the command's choice; see compose.yaml.

FROM node:20-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY protocol/package.json protocol/
COPY importers/package.json importers/
COPY client/package.json client/
COPY prisma/package.json prisma/
COPY testing/package.json testing/
COPY realtime/package.json realtime/
COPY viewer/package.json viewer/
COPY bot/package.json bot/
COPY cli/package.json cli/
COPY e2e/package.json e2e/
COPY bench/package.json bench/

FROM manifests AS build
# No install script is needed: npm 10 would run them all.
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
ENV TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
RUN npm run build -- --filter=@openmates-share/realtime --filter=@openmates-share/viewer --filter=@openmates-share/bot

# Only what runs, without what builds and tests.
FROM manifests AS packages
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error \
  -w @openmates-share/realtime -w @openmates-share/bot -w @openmates-share/prisma \
  -w @openmates-share/client -w @openmates-share/protocol

FROM node:20-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
RUN mkdir /data && chown node:node /data
COPY --from=packages /app ./
COPY --from=build /app/protocol/dist protocol/dist
COPY --from=build /app/client/dist client/dist
COPY --from=build /app/prisma/dist prisma/dist
COPY --from=build /app/realtime/dist realtime/dist
COPY --from=build /app/viewer/dist viewer/dist
COPY --from=build /app/bot/dist bot/dist
COPY prisma/migrations prisma/migrations
COPY realtime/public realtime/public
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# It brings the database to the newest schema first. Any number may start at once: one does it, the others wait.
CMD ["node", "realtime/dist/main.js"]
