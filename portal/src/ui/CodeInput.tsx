/* CodeInput: the six digits of an authenticator app. One field and not six, so that paste, autofill and screen
 * readers work as with any other field. */
import { TextInput } from "@mantine/core";

export function CodeInput({
  label,
  value,
  onChange,
  onComplete,
  error,
  autoFocus,
}: {
  label: string;
  value: string;
  onChange: (code: string) => void;
  onComplete?: (code: string) => void;
  error?: string | null;
  autoFocus?: boolean;
}) {
  return (
    <TextInput
      label={label}
      value={value}
      error={error}
      data-autofocus={autoFocus || undefined}
      autoFocus={autoFocus}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      size="md"
      styles={{ input: { letterSpacing: "0.35em", fontVariantNumeric: "tabular-nums", fontSize: 18 } }}
      onChange={(event) => {
        const code = event.currentTarget.value.replace(/\D/g, "").slice(0, 6);
        onChange(code);
        if (code.length === 6 && code !== value) onComplete?.(code);
      }}
    />
  );
}
