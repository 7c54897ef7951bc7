package dev.ermine.fhir;

import java.util.Set;

/** Every resource type of FHIR R4, for the tests of other floors. */
public final class AllTypes {

  private AllTypes() {}

  public static Set<String> names() {
    return ResourceTypes.NAMES;
  }
}
