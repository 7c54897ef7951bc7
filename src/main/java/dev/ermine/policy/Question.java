package dev.ermine.policy;

import dev.ermine.region.Region;
import dev.ermine.trust.Requester;

/** May this requester have this type from this region? */
public record Question(Requester requester, Region releasing, String type) {}
