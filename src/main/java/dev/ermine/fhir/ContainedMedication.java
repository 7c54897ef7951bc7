package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * A Medication that stands inside the resource that refers to it. Its codes are read again, since a
 * facet does not tell what it is made of, or in what form, from what it is.
 *
 * @see <a href="https://hl7.org/fhir/R4/references.html#contained">FHIR R4: contained resources</a>
 */
public final class ContainedMedication {

  private ContainedMedication() {}

  /**
   * The codes of the Medication of that id in the entry's resource; none where there is no such, or
   * where the resource is not fit to be read.
   */
  public static List<Coding> codes(Entry entry, String id) {
    try {
      for (Element contained : Element.root(entry.resource()).objects("contained")) {
        if (isMedication(contained, id)) {
          Optional<Element> code = contained.object("code");
          return code.isPresent() ? code.get().concept().codings() : List.of();
        }
      }
      return List.of();
    } catch (Element.Unfit unfit) {
      // What cannot be read says nothing; the entry is shown all the same.
      return List.of();
    }
  }

  private static boolean isMedication(Element contained, String id) throws Element.Unfit {
    return contained.text("resourceType").equals(Optional.of("Medication"))
        && contained.text("id").equals(Optional.of(id));
  }
}
