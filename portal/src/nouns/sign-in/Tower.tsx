/* Tower: the watchtower on its stone base, in lines. */
import classes from "./Door.module.css";

export function Tower() {
  return (
    <svg
      className={classes.tower}
      viewBox="0 0 420 430"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden
      focusable="false"
    >
      <path d="M206 26c2-6 6-6 8 0M210 30v14" />
      <path d="M128 96c38-8 64-24 82-52 18 28 44 44 82 52l-10 12H138z" />
      <path d="M156 108v34M264 108v34M192 108v34M228 108v34M156 124h108" />
      <path d="M84 190c44-8 66-22 78-48h96c12 26 34 40 78 48l-12 14H96z" />
      <path d="M132 204v54M288 204v54M132 230h156M158 204v26M184 204v26M210 204v26M236 204v26M262 204v26" />
      <path d="M158 230v28M262 230v28M184 258v-16h52v16" />
      <path d="M118 258h184l8 14H110z" />
      <path d="M112 272c-4 60-18 104-46 146M308 272c4 60 18 104 46 146" />
      <path d="M108 306c34 6 60-4 96 2s70-4 108 0M100 338c40-6 70 6 112 0s66 6 108 2" />
      <path d="M88 374c44 6 76-6 120 0s84-6 124 0" />
      <path d="M150 273v34M196 273v35M250 273v33M172 307v33M230 309v31M280 307v33M140 339v36" />
      <path d="M196 341v33M256 340v34M304 340v35M118 375v42M176 374v43M240 375v42M300 374v43" />
      <path d="M30 418h360" />
    </svg>
  );
}
