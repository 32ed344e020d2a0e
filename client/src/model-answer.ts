import type { ModelNews } from "./completion.ts";
import { OwnModelError } from "./own-model-error.ts";

/** What a model of one's own says, told here as it comes, and read there as an answer. */
export class ModelAnswer {
  readonly #waiting: ModelNews[] = [];
  #wake: () => void = () => undefined;

  readonly tell = (news: ModelNews): void => {
    this.#waiting.push(news);
    this.#wake();
  };

  /** The pieces in their order, and then how it ended; once. @throws OwnModelError when there is no answer */
  async *read(): AsyncGenerator<string, "complete" | "length", void> {
    for (;;) {
      const news = this.#waiting.shift();
      if (!news) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if (news.type === "piece") yield news.text;
      else if (news.type === "end") return news.ended;
      else throw new OwnModelError(news.fault, "Your own model gave no answer.");
    }
  }
}
