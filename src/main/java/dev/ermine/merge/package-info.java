/**
 * Same patient? Same fact? What is missing? The answers of the regions in, one searchset with its
 * account out. Nothing merges under another patient; the order of arrival never changes the Bundle.
 */
@NullMarked
package dev.ermine.merge;

import org.jspecify.annotations.NullMarked;
