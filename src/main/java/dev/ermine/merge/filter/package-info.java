/**
 * What the filters of a query say of entries that a region sent for it, as far as that can be told
 * from the entries alone. Nothing here knows of regions, or leaves an entry out.
 */
@NullMarked
package dev.ermine.merge.filter;

import org.jspecify.annotations.NullMarked;
