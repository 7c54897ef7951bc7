/**
 * What stands where in a patient summary, and what is said of it: the sections, which entry belongs
 * to which, and the rows that people read.
 */
@NullMarked
package dev.ermine.merge.summary;

import org.jspecify.annotations.NullMarked;
