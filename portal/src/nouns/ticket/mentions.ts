/* mentions: "@" and some letters before the caret, and which of the people that were chosen still stand in the text. */
export interface Named {
  id: string;
  name: string;
}

export interface MentionControl {
  move: (by: number) => void;
  pick: () => boolean;
}

/* The letters behind an "@" that begins a word; null when nobody is being named. */
export function mentionAt(text: string, caret: number): string | null {
  return /(?:^|[\s\u3000（(、。])[@＠]([^\s\u3000@＠]{0,30})$/.exec(text.slice(0, caret))?.[1] ?? null;
}

export const putMention = (text: string, caret: number, typed: string, person: Named) => {
  const start = caret - typed.length - 1;
  const put = `${text.slice(0, start)}@${person.name} `;
  return { text: put + text.slice(caret), caret: put.length };
};

export const stillNamed = (text: string, chosen: Named[]): string[] => [
  ...new Set(chosen.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id)),
];
