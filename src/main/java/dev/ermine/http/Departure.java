package dev.ermine.http;

import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import java.util.Set;

/**
 * An answer on its way out.
 *
 * @param requestId the request that it answers
 * @param from the regions that it holds something of
 * @param origins the other regions that this comes from
 */
record Departure(
    Caller caller, String requestId, Requester asker, Set<RegionId> from, Set<RegionId> origins) {}
