import { serveOpener } from "@openmates-share/client/opener-worker";

serveOpener(self);
