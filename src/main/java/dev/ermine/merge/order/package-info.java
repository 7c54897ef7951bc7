/**
 * The order in which the entries of an answer stand: by the keys asked for, then region, type and
 * name, so that it is one order whatever came when.
 */
@NullMarked
package dev.ermine.merge.order;

import org.jspecify.annotations.NullMarked;
