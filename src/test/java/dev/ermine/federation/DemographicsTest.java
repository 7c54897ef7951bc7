package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.answered;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.labelled;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.query;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.audit.AuditRecord;
import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.OptOuts;
import dev.ermine.policy.RegionDecision;
import dev.ermine.region.ConsentSource;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.OptOutLists;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The Personal Demographics Service, asked beside the regions who the patient is. */
class DemographicsTest {

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));

  private final Map<String, PeerAnswer> answers = new HashMap<>();
  private final List<PeerQuestion> asked = Collections.synchronizedList(new ArrayList<>());
  private final Trail trail = new Trail();
  private Regions regions =
      Given.identifying(Given.regions(CERTIFICATE, region("london"), region("wessex")));
  private Requester requester = Given.requester(Thumbprints.x5tS256(CERTIFICATE));

  DemographicsTest() {
    answers.put("london", answered("london", observation("london", "o1", "Patient/p1")));
    answers.put("wessex", new PeerAnswer.NotMatched());
    answers.put("pds", person(ADA));
  }

  @Test
  void areAskedBesideTheRegionsAndStandInNoAccount() {
    View view = (View) search();
    assertThat(ids()).containsExactlyInAnyOrder("london", "wessex", "pds");
    assertThat(asked).filteredOn(PeerQuestion.Demographics.class::isInstance).hasSize(1);
    assertThat(text(view)).contains("Observation/o1").doesNotContain("pds");
    assertThat(view.tally().known()).isEqualTo(2);
    assertThat(view.tally().allAnswered()).isTrue();
    assertThat(trail.identified).containsExactly(true);
  }

  @Test
  void areNotAskedWhereNobodyNamesThem() {
    regions = Given.regions(CERTIFICATE, region("london"), region("wessex"));
    search();
    assertThat(ids()).containsExactlyInAnyOrder("london", "wessex");
    assertThat(trail.identified).containsExactly(false);
  }

  @Test
  void areNotAskedWhereTheAskersTokenSaysWhoItIs() {
    requester = describing(requester);
    search();
    assertThat(ids()).containsExactlyInAnyOrder("london", "wessex");
    read();
    assertThat(ids()).doesNotContain("pds");
    assertThat(trail.identified).containsExactly(false, false);
  }

  @Test
  void areAskedWhereTheAskersTokenHasTheNumberAlone() {
    requester = Given.requester(Thumbprints.x5tS256(CERTIFICATE), Optional.of(ADA));
    search();
    assertThat(ids()).contains("pds");
  }

  @Test
  void areNotAskedWhereNoRegionMayBe() {
    Regions all = regions;
    regions =
        new Regions(
            all.edition(),
            all.gateway(),
            all.regions(),
            all.demographics(),
            List.of(),
            all.denials(),
            all.labelling());
    assertThat(search()).isInstanceOf(Unanswered.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void areAskedForAReadToo() {
    assertThat(read()).isInstanceOf(Found.class);
    assertThat(ids()).containsExactlyInAnyOrder("london", "pds");
    assertThat(trail.identified).containsExactly(true);
  }

  /** Whatever they say or do not say, the regions are heard. */
  @Test
  void thatAreNotHeardCostNothingButTheReference() {
    String heard = text((View) search());
    for (PeerAnswer said :
        List.of(
            new PeerAnswer.NotMatched(),
            new PeerAnswer.Missed(new Miss.Refused()),
            new PeerAnswer.Missed(new Miss.Unreachable("refused")),
            new PeerAnswer.Answered(List.of(), Map.of()))) {
      answers.put("pds", said);
      View view = (View) search();
      assertThat(view.tally().allAnswered()).isTrue();
      assertThat(text(view)).contains("Observation/o1");
      assertThat(discretion().heard(said(said)).sought().reference()).isEmpty();
    }
    assertThat(heard).contains("Observation/o1");
  }

  @Test
  void thatHangCostTheirOwnBudgetAndNoMore() {
    answers.remove("pds");
    long began = System.nanoTime();
    View view = (View) search();
    assertThat(text(view)).contains("Observation/o1");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void areTheReferenceWhereTheTokenSaysNothing() {
    answers.put("pds", described());
    assertThat(discretion().heard(said(described())).sought().reference())
        .hasValueSatisfying(known -> assertThat(known.birthDate()).contains("1961-04-02"));
    Discretion.Heard heard = discretion().heard(said(person(ANOTHER)));
    assertThat(heard.sought().number()).isEqualTo(ADA);
    assertThat(heard.sought().superseded()).containsExactly(ANOTHER);
  }

  @Test
  void thatSayThePatientIsRestrictedHideThemEverywhere() {
    answers.put("pds", restricted());
    View view = (View) search();
    answers.put("pds", person(ADA));
    answers.put("london", new PeerAnswer.NotMatched());
    assertThat(text(view)).isEqualTo(text((View) search()));
    answers.put("london", answered("london", observation("london", "o1", "Patient/p1")));
    assertThat(read()).isInstanceOf(Found.class);
    answers.put("pds", restricted());
    assertThat(read()).isInstanceOf(NotFound.class);
  }

  /** Objections may be recorded under the number that nobody was asked for. */
  @Test
  void thatSayTheNumberIsSupersededLeaveOpenWhatThePatientDecided() {
    regions =
        Given.identifying(
            Given.regions(
                CERTIFICATE, with(ConsentSource.Order.BESIDE, region("london")), region("wessex")));
    PeerAnswer.Answered plain = answered("london", observation("london", "o1", "Patient/p1"));
    answers.put(
        "london",
        new PeerAnswer.Answered(
            plain.patients(),
            plain.types(),
            Optional.of(new TypeAnswer.Read(List.of(), List.of()))));
    answers.put("wessex", answered("wessex", observation("wessex", "o2", "Patient/p1")));
    assertThat(text((View) search())).contains("Observation/o1", "Observation/o2");
    answers.put("pds", person(ANOTHER));
    assertThat(text((View) search()))
        .contains("consent-unknown", "Observation/o2")
        .doesNotContain("Observation/o1");
  }

  @Test
  void anOptOutUnderTheOtherNumberCounts() {
    OptOuts another =
        OptOutLists.of(LocalDate.of(2026, 11, 20), LocalDate.of(2026, 11, 22), ANOTHER);
    RegionDecision decision =
        new AgreementRules(regions)
            .standing(research(requester), NOON, true)
            .apply(region("london"))
            .decide(List.of("Observation"));
    List<Boolean> optedOut = new ArrayList<>();
    Discretion.Rules rules =
        (_, _, _, _) ->
            (release, _) -> {
              optedOut.add(release.optedOut());
              return new Given.FixedPolicy(
                  false, Optional.empty(), _ -> Optional.empty(), Set.of());
            };
    Call call = new Call(research(requester), "request-1", "127.0.0.1", Traceparent.fresh());
    for (NhsNumber current : List.of(ADA, ANOTHER)) {
      new Discretion(
              rules,
              "https://gateway.example",
              new AgreementRules(regions),
              another,
              call,
              ADA,
              NOON)
          .heard(said(person(current)))
          .ruled(decision, regions);
    }
    assertThat(optedOut).containsExactly(false, true);
  }

  /** Consents ahead kept its entries from being asked for: it must not look as if it held none. */
  @Test
  void aRegionThatWasNotAskedForEntriesIsNotSaidToHaveNone() {
    Region first = with(ConsentSource.Order.ASK_FIRST, region("london"));
    regions = Given.identifying(Given.regions(CERTIFICATE, first, region("wessex")));
    answers.put(
        "london",
        new PeerAnswer.Answered(
            entries(patient("london", "p1", ADA)),
            Map.of(),
            Optional.of(new TypeAnswer.Read(List.of(), List.of()))));
    View view = (View) search();
    assertThat(view.tally().allAnswered()).isFalse();
    assertThat(text(view))
        .contains("consent-unknown")
        .doesNotContain("shared nothing for this question");
  }

  private static Region with(ConsentSource.Order order, Region region) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers(),
        Optional.of(new ConsentSource(order, Optional.empty())),
        region.privacyOffice());
  }

  private static Requester describing(Requester plain) {
    return with(
        plain,
        plain.purposes(),
        Optional.of(
            new Requester.Patient(
                ADA,
                Optional.of("Okafor"),
                List.of("Ada"),
                Optional.of("1961-04-02"),
                Optional.empty())));
  }

  private static Requester research(Requester plain) {
    return with(plain, List.of(new PurposeOfUse("HRESCH")), plain.patient());
  }

  private static Requester with(
      Requester plain, List<PurposeOfUse> purposes, Optional<Requester.Patient> patient) {
    return new Requester(
        plain.region(),
        plain.issuer(),
        plain.subject(),
        plain.organisation(),
        plain.userId(),
        plain.name(),
        plain.roles(),
        purposes,
        plain.reason(),
        plain.breakGlassReason(),
        plain.relationship(),
        patient,
        plain.practitioner(),
        plain.hops(),
        plain.tokenId(),
        plain.certificate(),
        plain.expires(),
        plain.scope());
  }

  private static PeerAnswer person(NhsNumber number) {
    return new PeerAnswer.Answered(entries(patient("pds", number.value(), number)), Map.of());
  }

  private static PeerAnswer described() {
    String ada =
        patient("pds", ADA.value(), ADA)
            .replace("\"identifier\"", "\"birthDate\":\"1961-04-02\",\"identifier\"");
    return new PeerAnswer.Answered(entries(ada), Map.of());
  }

  private static PeerAnswer restricted() {
    return new PeerAnswer.Answered(
        List.of(labelled(entries(patient("pds", ADA.value(), ADA)).getFirst(), Confidentiality.R)),
        Map.of());
  }

  private static Fanout.Answers said(PeerAnswer demographics) {
    return new Fanout.Answers(List.of(), Optional.empty(), Optional.of(demographics));
  }

  private Discretion discretion() {
    return new Discretion(
        Discretion.Rules.ALL,
        "https://gateway.example",
        new AgreementRules(regions),
        new OptOuts.Unknown(),
        call(),
        ADA,
        NOON);
  }

  private FederatedAnswer search() {
    asked.clear();
    return federation().search(call(), query("Observation"), Wishes.NONE);
  }

  private FederatedAnswer read() {
    asked.clear();
    return federation().read(call(), ADA, new RegionId("london"), "Observation", "o1");
  }

  private Federation federation() {
    return new Federation(
        () -> regions,
        OptOuts.Unknown::new,
        (question, _) -> answer(question),
        trail,
        "https://gateway.example",
        () -> NOON,
        new Quality(NOON),
        PageRing.tokens());
  }

  private CompletionStage<PeerAnswer> answer(PeerQuestion question) {
    asked.add(question);
    PeerAnswer answer = answers.get(question.region().id().value());
    return answer == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(answer);
  }

  private Call call() {
    return new Call(requester, "request-1", "127.0.0.1", Traceparent.fresh());
  }

  private List<String> ids() {
    return asked.stream().map(question -> question.region().id().value()).toList();
  }

  /** Without the Bundle's own id, which is another each time. */
  private static String text(View view) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      view.bundle().writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether each intent said that demographics are asked. */
  private static final class Trail extends UnreadAudit {
    private final List<Boolean> identified = new ArrayList<>();

    @Override
    public void intend(AuditRecord.Intent intent) {
      identified.add(intent.demographics());
    }
  }
}
