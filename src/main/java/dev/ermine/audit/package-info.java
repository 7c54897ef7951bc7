/**
 * What happened, fit for an AuditEvent. No audit, no data: an entry is durable or the query fails.
 */
@NullMarked
package dev.ermine.audit;

import org.jspecify.annotations.NullMarked;
