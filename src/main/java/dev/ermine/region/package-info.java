/**
 * Regions and the agreements between them, as {@code regions.yaml} declares them. Whoever holds a
 * {@link dev.ermine.region.Regions} holds one immutable, checked version.
 */
@NullMarked
package dev.ermine.region;

import org.jspecify.annotations.NullMarked;
