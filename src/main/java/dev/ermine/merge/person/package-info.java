/**
 * Whether two records are of one person: their names, birth dates and genders compared, and what
 * the disagreements weigh.
 */
@NullMarked
package dev.ermine.merge.person;

import org.jspecify.annotations.NullMarked;
