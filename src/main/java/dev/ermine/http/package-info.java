/** The inbound edge: FHIR REST in, Bundle or OperationOutcome out. */
@NullMarked
package dev.ermine.http;

import org.jspecify.annotations.NullMarked;
