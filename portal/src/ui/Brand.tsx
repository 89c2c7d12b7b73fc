/* Brand: the watchtower. Two roofs, a platform, legs that stand apart: drawn for 24 pixels and up. */
export function BrandMark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="#1f4e86" />
      <g fill="#fff">
        <path d="M5.500 12.200C10 11.600 13.600 9.700 16 6.400c2.400 3.300 6 5.200 10.500 5.800l-.9 2.200H6.400z" />
        <path d="M9.600 15.600h12.800v2.600H9.600z" />
        <path d="M6.900 21.200 9.300 19.400h13.400l2.400 1.800z" />
        <path d="M10.600 22.400h3l-.6 4.600H9.800zM18.400 22.400h3l.8 4.600H19z" />
      </g>
    </svg>
  );
}
