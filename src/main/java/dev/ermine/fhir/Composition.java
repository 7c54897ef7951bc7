package dev.ermine.fhir;

import java.time.Instant;
import java.util.List;

/**
 * The table of contents of a summary of a patient's record: what comes first in its document, and
 * says what the rest is.
 *
 * <p>It is always {@code preliminary}: nobody has attested what was put together from many records
 * the moment it was asked for, and FHIR calls {@code final} what a person has verified. It says no
 * {@code confidentiality}: each entry has its own labels, and none of ours could be lower.
 *
 * @param id what identifies this document too
 * @param claimed whether it claims to be an IPS
 * @param subject reference to the Patient
 * @param author reference to the Organization that made it, and keeps it
 * @param sections at least one
 * @see <a href="https://hl7.org/fhir/R4/composition.html">FHIR R4: Composition</a>
 * @see <a href="https://hl7.org/fhir/uv/ips/STU2/StructureDefinition-Composition-uv-ips.html">IPS
 *     2.0.0: Composition</a>
 */
public record Composition(
    String id,
    boolean claimed,
    Instant date,
    String subject,
    String author,
    List<Section> sections) {

  /** The profile of a Composition that is an IPS. */
  public static final String IPS =
      "http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips";

  /** The profile of a Bundle that is an IPS. */
  public static final String IPS_BUNDLE =
      "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips";

  static final Coding TYPE = new Coding("http://loinc.org", "60591-5");
  static final String TITLE = "International Patient Summary";

  /** Nobody knows whether there is more: not that there is nothing, nor that it is kept back. */
  static final Coding UNAVAILABLE =
      new Coding("http://terminology.hl7.org/CodeSystem/list-empty-reason", "unavailable");

  /**
   * A section of it.
   *
   * @param narrative an XHTML {@code div}
   * @param entries references to the resources that it is about; none: nothing was to be had
   */
  public record Section(String title, Coding code, String narrative, List<String> entries) {
    public Section {
      entries = List.copyOf(entries);
    }

    /** The title alone. */
    @Override
    public String toString() {
      return "Section[" + title + "]";
    }
  }

  public Composition {
    sections = List.copyOf(sections);
  }
}
