/* caret: where what is typed next lands, when words were put into a field for somebody. */
import { flushSync } from "react-dom";

type TextBox = HTMLInputElement | HTMLTextAreaElement;

/* Puts words into a field and the caret behind them within the event that asked for it. A frame later would be too
 * late: who types fast has written on, and the caret would jump before what they wrote. */
export function putWords(box: { current: TextBox | null }, put: () => void, at: number) {
  flushSync(put);
  box.current?.focus();
  box.current?.setSelectionRange(at, at);
}
