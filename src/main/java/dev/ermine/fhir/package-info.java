/**
 * FHIR R4 as plain values: query, bundle, entry, outcome. Knows the JDK and Jackson; no region, no
 * policy, no framework.
 */
@NullMarked
package dev.ermine.fhir;

import org.jspecify.annotations.NullMarked;
