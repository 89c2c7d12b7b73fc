/* listing: by which columns a list route sorts and filters; the table itself is generated. */
export interface Listing {
  sorts: string[];
  filters: string[];
  hasSearch: boolean;
}
