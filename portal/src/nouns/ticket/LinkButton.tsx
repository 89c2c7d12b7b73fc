export { LinkButton } from "@/ui/LinkButton";
