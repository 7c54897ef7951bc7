package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Consent;
import dev.ermine.fhir.Consent.ProvisionType;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.region.ReleaseTerms.ImplicitConsent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a Consent says where none of its provisions speaks, to one requester.
 *
 * <p>Its codes are HL7's consent directives, its URIs those of IHE's implicit policies. A policy
 * that is not known says nothing by itself, and may take back what one beside it permits.
 *
 * @param types what the known ones do: none, one, or both
 * @param unclear whether there is one that is not known, or none at all
 * @param path where it stands, as FHIRPath
 * @param words what it names
 * @see <a href="https://hl7.org/fhir/R4/consent-definitions.html#Consent.policyRule">FHIR R4:
 *     Consent.policyRule</a>
 * @see <a href="https://profiles.ihe.net/ITI/PCF/volume-1.html#15321-implicit-option">IHE PCF,
 *     53.2.1: Implicit Option</a>
 */
record BasePolicy(Set<ProvisionType> types, boolean unclear, String path, String words) {

  private static final Set<String> EMERGENCY = Set.of("ETREAT", "ERTREAT");

  static BasePolicy of(Consent consent, List<PurposeOfUse> purposes) {
    List<ProvisionType> types = new ArrayList<>();
    boolean unclear = consent.policyRule().isEmpty() && consent.policies().isEmpty();
    List<String> names = new ArrayList<>();
    if (consent.policyRule().isPresent()) {
      List<Coding> codings = consent.policyRule().get().codings();
      List<ProvisionType> known =
          codings.stream().flatMap(each -> directive(each, purposes)).toList();
      types.addAll(known);
      unclear |= known.isEmpty();
      codings.forEach(each -> names.add(each.code()));
    }
    for (Optional<String> uri : consent.policies()) {
      Optional<ProvisionType> known = uri.flatMap(named -> implicit(named, purposes));
      known.ifPresent(types::add);
      unclear |= known.isEmpty();
      names.add(uri.orElse("one without URI"));
    }
    return new BasePolicy(
        Set.copyOf(types),
        unclear,
        consent.policyRule().isPresent() ? "policyRule" : "policy",
        names.isEmpty() ? "none" : String.join(", ", names));
  }

  /** Whether known ones contradict one another. */
  boolean contradictory() {
    return types.size() > 1;
  }

  /** What it comes to; empty: nothing. */
  Optional<ProvisionType> type() {
    if (types.contains(ProvisionType.DENY)) {
      return Optional.of(ProvisionType.DENY);
    }
    return unclear ? Optional.empty() : types.stream().findFirst();
  }

  private static Stream<ProvisionType> directive(Coding coding, List<PurposeOfUse> purposes) {
    if (!coding.system().equals(Sensitivity.SYSTEM)) {
      return Stream.empty();
    }
    return switch (coding.code()) {
      case "OPTIN", "OPTINR", "IMPLIED", "IMPLIEDD" -> Stream.of(ProvisionType.PERMIT);
      case "OPTOUT", "OPTOUTE" -> Stream.of(ProvisionType.DENY);
      case "EMRGONLY" -> Stream.of(permitFor(EMERGENCY, purposes));
      default -> Stream.empty();
    };
  }

  private static Optional<ProvisionType> implicit(String uri, List<PurposeOfUse> purposes) {
    return Arrays.stream(ImplicitConsent.values())
        .filter(policy -> policy.uri().equals(uri))
        .findFirst()
        .map(
            policy ->
                Implied.permits(policy, purposes) ? ProvisionType.PERMIT : ProvisionType.DENY);
  }

  private static ProvisionType permitFor(Collection<String> codes, List<PurposeOfUse> purposes) {
    boolean all = purposes.stream().map(PurposeOfUse::code).allMatch(codes::contains);
    return all ? ProvisionType.PERMIT : ProvisionType.DENY;
  }
}
