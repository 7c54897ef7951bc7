package dev.ermine.audit;

import dev.ermine.audit.AuditRecord.Act;
import dev.ermine.audit.AuditRecord.GlassBroken;
import dev.ermine.audit.AuditRecord.Intent;
import dev.ermine.audit.AuditRecord.Interaction;
import dev.ermine.audit.AuditRecord.Issue;
import dev.ermine.audit.AuditRecord.Outcome;
import dev.ermine.audit.AuditRecord.Query;
import dev.ermine.audit.AuditRecord.Refusal;
import dev.ermine.audit.AuditRecord.Told;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Organisation;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records for the tests of this floor: Dr Jones of Princess Alexandra asks about a patient. */
final class Records {

  static final String NUMBER = "9000000009";
  static final String HASH = "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b";
  static final Instant AT = Instant.parse("2026-11-21T09:30:00.123456Z");
  static final RegionId HWE = new RegionId("hwe");
  static final RegionId LONDON = new RegionId("london");
  static final RegionId WESSEX = new RegionId("wessex");
  static final RegionId ESSEX = new RegionId("essex-suffolk");

  private Records() {}

  static AuditEventWriter writer() {
    return new AuditEventWriter(
        new Regions.Gateway(
            "ermine-east",
            new Organisation("QM7", "Hertfordshire and West Essex"),
            Duration.ofSeconds(3)),
        URI.create("https://gateway.example"));
  }

  static Query search() {
    return query("r-1", Interaction.SEARCH_TYPE, requester(Optional.of("111222333444")));
  }

  static Query read() {
    return query("r-2", Interaction.READ, requester(Optional.of("111222333444")));
  }

  static Query query(String requestId, Interaction interaction, Requester requester) {
    return new Query(
        requestId,
        "2001:db8::7",
        requester,
        new NhsNumber(NUMBER),
        interaction,
        interaction == Interaction.READ
            ? "london/Observation/17"
            : "Observation?patient.identifier=https://fhir.nhs.uk/Id/nhs-number|" + NUMBER,
        List.of("Observation"),
        HASH);
  }

  static Intent intent(Query query) {
    return new Intent(
        AT,
        query,
        Map.of(LONDON, List.of("DSA-2021-LCR-HWE", "DSA-2024-LCR-HWE")),
        Map.of(ESSEX, List.of("DSA-2022-ESN-HWE#role")));
  }

  static GlassBroken broken(String requestId) {
    return new GlassBroken(
        AT,
        query(
            requestId, Interaction.SEARCH_TYPE, Given.breaker("thumbprint", new NhsNumber(NUMBER))),
        Map.of(LONDON, List.of("DSA-2021-LCR-HWE")));
  }

  static Told told(String requestId, RegionId region) {
    return new Told(AT.plusSeconds(2), requestId, AT, region, HASH);
  }

  static Outcome outcome(Query query, int status, String... released) {
    return new Outcome(
        AT, query, status, Map.of(LONDON, "answered", WESSEX, "timed-out"), List.of(released));
  }

  static Issue issue(Requester requester) {
    return new Issue(AT, "r-4", "192.0.2.7", requester, search().trustHash());
  }

  static Refusal refusal(int status, Optional<Requester> requester) {
    return new Refusal(
        AT,
        "r-3",
        "192.0.2.7",
        "TOKEN_REPLAYED",
        status,
        requester.map(Requester::region),
        requester,
        "/fhir/{type}/_search",
        "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b");
  }

  /** The officer Ash explains a decision. */
  static Act act(int status, Optional<String> reason, Map<String, String> asked) {
    return new Act(
        AT, "r-4", "192.0.2.8", "ash", "/trust/explain", asked, 15, status, reason, HASH);
  }

  static Requester requester(Optional<String> userId) {
    return requester(userId, "10019", "Jones", "jti-0f1c", "attending A&E at RQW");
  }

  static Requester requester(
      Optional<String> userId, String subject, String name, String tokenId, String reason) {
    return new Requester(
        HWE,
        "https://hwe.example.nhs.uk",
        subject,
        new Organisation("RQW", "Princess Alexandra Hospital"),
        userId,
        Optional.of(name),
        List.of(new Coding("https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName", "R8000")),
        List.of(new PurposeOfUse("TREAT"), new PurposeOfUse("ETREAT")),
        Optional.of("directcare"),
        Optional.of("unconscious on arrival"),
        Optional.of(new Requester.Relationship("encounter", Optional.of(reason))),
        Optional.empty(),
        Optional.empty(),
        List.of("other-gateway"),
        tokenId,
        "thumbprint",
        Instant.parse("2026-11-21T09:35:00Z"),
        Scope.ALL);
  }
}
