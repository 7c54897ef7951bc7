package dev.ermine.region;

/**
 * An organisation of the NHS by its ODS code.
 *
 * @see <a href="https://digital.nhs.uk/services/organisation-data-service">Organisation Data
 *     Service</a>
 */
public record Organisation(String ods, String name) {

  /** The identifier system of ODS codes. */
  public static final String SYSTEM = "https://fhir.nhs.uk/Id/ods-organization-code";
}
