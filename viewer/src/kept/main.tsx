import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/layout.css";
import "../styles/chat.css";
import "../styles/markdown.css";
import "../styles/parts.css";
import "../styles/embed.css";
import "../styles/print.css";
import "./kept.css";
import { render } from "preact";
import { KeptApp } from "./kept-app.tsx";
import { carriedBytes } from "./template.ts";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the chat.");
render(<KeptApp bytes={carriedBytes(document)} />, root);
