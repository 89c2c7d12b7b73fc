import "@mantine/core/styles.css";
import "./theme.css";
import { createRoot } from "react-dom/client";
import { startText } from "@/text";
import { App } from "./App";

void startText().then(() => createRoot(document.getElementById("root")!).render(<App />));
