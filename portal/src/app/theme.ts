/* theme: one accent, careful greys, and tones that stay apart for every kind of colour vision. The values live in
 * theme.css as variables for both schemes; here Mantine is told to use them. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const indigo: MantineColorsTuple = [
  "#eef4fb",
  "#dbe7f5",
  "#b5cdea",
  "#8cb1de",
  "#6899d3",
  "#4a84c7",
  "#2f6cb0",
  "#245a98",
  "#1c4a80",
  "#143a67",
];
const vermilion: MantineColorsTuple = [
  "#fdf0ed",
  "#f9dcd5",
  "#f2b6a8",
  "#ea8e79",
  "#e26b51",
  "#d75336",
  "#c23f24",
  "#a8341d",
  "#8c2a17",
  "#702011",
];
const dark: MantineColorsTuple = [
  "#e4e9ef",
  "#c3ccd6",
  "#a9b4c1",
  "#7f8c9b",
  "#46525f",
  "#303b47",
  "#212a34",
  "#151b23",
  "#11171e",
  "#0c1116",
];

export const fontFamily =
  '-apple-system, "Segoe UI", Inter, Roboto, "Helvetica Neue", "Hiragino Sans", "Hiragino Kaku Gothic ProN",' +
  ' "Yu Gothic UI", Meiryo, "Noto Sans JP", "Noto Sans CJK JP", "Liberation Sans", sans-serif';
const fontFamilyMonospace =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK JP", monospace';

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 6 },
  colors: { indigo, red: vermilion, dark },
  fontFamily,
  fontFamilyMonospace,
  defaultRadius: "sm",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.45", sm: "1.5", md: "1.6", lg: "1.6", xl: "1.4" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "20px" },
  headings: {
    fontFamily,
    fontWeight: "650",
    sizes: { h1: { fontSize: "22px", lineHeight: "1.35" }, h2: { fontSize: "16px", lineHeight: "1.4" } },
  },
  focusRing: "auto",
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "sm" } },
    InputWrapper: { styles: { label: { marginBottom: 3 }, description: { marginBottom: 5 } } },
    TextInput: { defaultProps: { size: "sm" } },
    Modal: {
      defaultProps: { centered: true, radius: "md", overlayProps: { backgroundOpacity: 0.35 } },
      styles: { title: { fontSize: 16, fontWeight: 650 } },
    },
    Drawer: { styles: { title: { fontSize: 16, fontWeight: 650 } } },
    Menu: { defaultProps: { radius: "md", shadow: "md", offset: 6 } },
    Popover: { defaultProps: { radius: "md", shadow: "md" } },
  },
});

const shared = {
  "--mantine-color-body": "var(--y-surface)",
  "--mantine-color-text": "var(--y-text)",
  "--mantine-color-dimmed": "var(--y-text-2)",
  "--mantine-color-placeholder": "var(--y-text-3)",
  "--mantine-color-default": "var(--y-surface)",
  "--mantine-color-default-hover": "var(--y-hover)",
  "--mantine-color-default-border": "var(--y-line-strong)",
  "--mantine-color-default-color": "var(--y-text)",
  "--mantine-color-anchor": "var(--y-accent)",
  "--mantine-color-error": "var(--y-bad)",
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
