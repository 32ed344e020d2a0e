import type { AskNews } from "../mate/ask-news.ts";
import type { Metrics } from "./metrics.ts";

/** The same news, of which those that end an ask are counted. */
export function countingNews(news: AskNews, metrics: Metrics): AskNews {
  return {
    status(status) {
      const { state } = status.status;
      if (state !== "running") metrics.onAskEnded(state);
      news.status(status);
    },
    delta: (delta) => news.delta(delta),
  };
}
