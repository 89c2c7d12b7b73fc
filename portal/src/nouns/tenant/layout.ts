/* The fields of a customer in the order people think of them. */
type Name = "name" | "name_kana" | "short_code" | "plan" | "language" | "time_zone" | "holiday_country" | "reopen_days"
  | "contract_start"
  | "password_max_days";

export const LAYOUT: Array<Name | Name[]> = [
  ["name", "name_kana"],
  ["short_code", "plan"],
  ["language", "time_zone"],
  ["holiday_country", "contract_start"],
  ["reopen_days", "password_max_days"],
];
