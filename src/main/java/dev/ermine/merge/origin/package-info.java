/**
 * Whose record is it? Where a region relays what others control: who these are, and the terms of
 * theirs that hold besides the relay's.
 */
@NullMarked
package dev.ermine.merge.origin;

import org.jspecify.annotations.NullMarked;
