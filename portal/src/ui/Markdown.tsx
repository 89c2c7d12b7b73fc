/* Markdown: what people write in cases, as React elements and nothing else: no HTML is ever made of a string. */
import { Fragment, memo, type ReactNode } from "react";
import { parseMarkdown, type Block, type Inline } from "./markdown-parse";
import classes from "./Markdown.module.css";

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return <div className={classes.text}>{blocks(parseMarkdown(text))}</div>;
});

const blocks = (of: Block[]): ReactNode =>
  of.map((block, index) => <Fragment key={index}>{show(block)}</Fragment>);
const words = (of: Inline[]): ReactNode =>
  of.map((word, index) => <Fragment key={index}>{say(word)}</Fragment>);

function show(block: Block): ReactNode {
  switch (block.kind) {
    case "paragraph":
      return <p>{words(block.of)}</p>;
    case "heading":
      // The page has headings of its own; this one only looks like one.
      return <p className={classes.heading}>{words(block.of)}</p>;
    case "code":
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return <blockquote>{blocks(block.of)}</blockquote>;
    case "rule":
      return <hr />;
    case "list": {
      const items = block.items.map((item, index) => <li key={index}>{blocks(item)}</li>);
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
  }
}

function say(word: Inline): ReactNode {
  switch (word.kind) {
    case "text":
      return word.text;
    case "break":
      return <br />;
    case "code":
      return <code>{word.text}</code>;
    case "strong":
      return <strong>{words(word.of)}</strong>;
    case "em":
      return <em>{words(word.of)}</em>;
    case "link":
      return (
        <a href={word.to} target="_blank" rel="noopener noreferrer nofollow" title={word.to}>
          {words(word.of)}
        </a>
      );
  }
}
