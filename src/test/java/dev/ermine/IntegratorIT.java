package dev.ermine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.client.api.IClientInterceptor;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.IHttpRequest;
import ca.uhn.fhir.rest.client.api.IHttpResponse;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.gclient.IQuery;
import ca.uhn.fhir.rest.gclient.TokenClientParam;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Asker;
import dev.ermine.testing.House;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.http.impl.client.HttpClients;
import org.hl7.fhir.instance.model.api.IBaseBundle;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway before HAPI's generic client: an integrator's system, with nothing made for it. */
class IntegratorIT {

  private static final String SYSTEM = "https://fhir.nhs.uk/Id/nhs-number";
  private static final TokenClientParam PATIENT = new TokenClientParam("patient.identifier");

  @TempDir static Path directory;
  private static House house;
  private static IGenericClient client;

  @BeforeAll
  static void open() {
    house = House.open(directory);
    client = client(house.doctor());
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  @Test
  void learnsWhatThereIs() {
    CapabilityStatement statement =
        client.capabilities().ofType(CapabilityStatement.class).execute();
    assertThat(statement.getFhirVersion().toCode()).isEqualTo("4.0.1");
  }

  @Test
  void searchesAndFollowsAFullUrl() {
    Bundle found = search(AllergyIntolerance.class);
    BundleEntryComponent london = entry(found, "/regions/london/fhir/");
    AllergyIntolerance read =
        client
            .read()
            .resource(AllergyIntolerance.class)
            .withUrl(london.getFullUrl())
            .withAdditionalHeader("Ermine-Patient", Asker.NHS_NUMBER + Stories.ADA_OKAFOR)
            .execute();
    assertThat(read.getIdElement().getIdPart())
        .isEqualTo(london.getResource().getIdElement().getIdPart());
    assertThat(read.getCode().getCodingFirstRep().getCode()).isEqualTo("91936005");
  }

  @Test
  void findsTheAccountWhereHapiPutsOutcomes() {
    Bundle found = search(AllergyIntolerance.class);
    BundleEntryComponent last = found.getEntry().getLast();
    assertThat(last.getSearch().getMode()).isEqualTo(Bundle.SearchEntryMode.OUTCOME);
    OperationOutcome outcome = (OperationOutcome) last.getResource();
    assertThat(outcome.getIssueFirstRep().getDetails().getText())
        .endsWith("absence here is not evidence of absence.");
  }

  @Test
  void goesFromPageToPageToTheEnd() {
    Bundle whole = search(AllergyIntolerance.class, Optional.empty());
    Bundle page = search(AllergyIntolerance.class, Optional.of(1));
    List<String> found = new ArrayList<>(matches(page));
    assertThat(found).hasSize(1);
    while (page.getLink(Bundle.LINK_NEXT) != null) {
      page = client.loadPage().next(page).execute();
      assertThat(matches(page)).hasSize(1);
      found.addAll(matches(page));
    }
    assertThat(found).isEqualTo(matches(whole)).hasSizeGreaterThan(1);
  }

  @Test
  void hearsByALinkOfWhoWasLateAndOfTheConflictThatTheyBring() {
    WireMockServer yorkshire = house.sandbox().server(PeerRegion.YORKSHIRE_HUMBER);
    StubMapping slow =
        yorkshire.stubFor(
            any(anyUrl()).atPriority(1).willReturn(aResponse().withFixedDelay(15_000)));
    Bundle first = allergies("3000");
    assertThat(matches(first)).isNotEmpty().noneMatch(it -> it.contains("/yorkshire-humber/"));
    assertThat(conflicts(first)).isEmpty();
    yorkshire.removeStub(slow);

    String link = first.getLink("https://ermine.dev/rel/late-arrivals").getUrl();
    Bundle late = client.loadPage().byUrl(link).andReturnBundle(Bundle.class).execute();
    assertThat(matches(late)).isNotEmpty().allMatch(it -> it.contains("/yorkshire-humber/"));
    assertThat(conflicts(late)).hasSize(1).allMatch(text -> text.contains("allerg"));
    assertThat(late.getLink("https://ermine.dev/rel/late-arrivals")).isNull();
  }

  private static Bundle allergies(String deadline) {
    return client
        .search()
        .forResource(AllergyIntolerance.class)
        .where(PATIENT.exactly().systemAndIdentifier(SYSTEM, Stories.ADA_OKAFOR))
        .usingStyle(SearchStyleEnum.POST)
        .withAdditionalHeader("Ermine-Regions", "london, yorkshire-humber")
        .withAdditionalHeader("Ermine-Deadline", deadline)
        .returnBundle(Bundle.class)
        .execute();
  }

  private static Bundle search(Class<? extends Resource> type, Optional<Integer> count) {
    IQuery<IBaseBundle> query =
        client
            .search()
            .forResource(type)
            .where(PATIENT.exactly().systemAndIdentifier(SYSTEM, Stories.ADA_OKAFOR))
            .usingStyle(SearchStyleEnum.POST)
            .withAdditionalHeader("Ermine-Regions", "london, essex-suffolk, yorkshire-humber");
    count.ifPresent(query::count);
    return query.returnBundle(Bundle.class).execute();
  }

  /** The addresses of what matches, in order. */
  private static List<String> matches(Bundle bundle) {
    return bundle.getEntry().stream()
        .filter(entry -> entry.getSearch().getMode() == Bundle.SearchEntryMode.MATCH)
        .map(BundleEntryComponent::getFullUrl)
        .toList();
  }

  private static List<String> conflicts(Bundle bundle) {
    OperationOutcome account = (OperationOutcome) bundle.getEntry().getLast().getResource();
    return account.getIssue().stream()
        .filter(issue -> issue.getCode() == OperationOutcome.IssueType.CONFLICT)
        .map(issue -> issue.getDetails().getText())
        .toList();
  }

  @Test
  void readsADocument() {
    Bundle found = search(DocumentReference.class);
    BundleEntryComponent scan = entry(found, "/regions/lancashire-south-cumbria/fhir/");
    String url =
        ((DocumentReference) scan.getResource()).getContentFirstRep().getAttachment().getUrl();
    Binary document =
        client
            .read()
            .resource(Binary.class)
            .withUrl(url)
            .withAdditionalHeader("Ermine-Patient", Asker.NHS_NUMBER + Stories.ADA_OKAFOR)
            .execute();
    assertThat(document.getContentType()).isEqualTo("application/pdf");
    assertThat(document.getData()).startsWith("%PDF-1.4".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void learnsWhyItIsRefused() {
    IGenericClient researcher = client(house.doctor().with("purpose_of_use", List.of("HRESCH")));
    assertThatExceptionOfType(ForbiddenOperationException.class)
        .isThrownBy(() -> search(researcher, AllergyIntolerance.class))
        .satisfies(refusal -> assertThat(issues(refusal)).hasSizeGreaterThan(7));
    assertThatExceptionOfType(ResourceNotFoundException.class)
        .isThrownBy(() -> client.read().resource("Condition").withId("c-25").execute())
        .satisfies(
            refusal ->
                assertThat(issues(refusal).getFirst().getDetails().getText())
                    .contains("ids live under regions"));
  }

  private static List<OperationOutcomeIssueComponent> issues(BaseServerResponseException refusal) {
    return ((OperationOutcome) refusal.getOperationOutcome()).getIssue();
  }

  private static Bundle search(Class<? extends Resource> type) {
    return search(client, type);
  }

  private static Bundle search(IGenericClient by, Class<? extends Resource> type) {
    return by.search()
        .forResource(type)
        .where(PATIENT.exactly().systemAndIdentifier(SYSTEM, Stories.ADA_OKAFOR))
        .usingStyle(SearchStyleEnum.POST)
        .withAdditionalHeader("Ermine-Regions", "london, lancashire-south-cumbria")
        .returnBundle(Bundle.class)
        .execute();
  }

  private static BundleEntryComponent entry(Bundle bundle, String address) {
    return bundle.getEntry().stream()
        .filter(entry -> entry.getFullUrl().contains(address))
        .findFirst()
        .orElseThrow();
  }

  /** Mutual TLS, the metadata looked at first, and a token for every request. */
  private static IGenericClient client(Asker asker) {
    FhirContext r4 = FhirContext.forR4();
    r4.getRestfulClientFactory()
        .setHttpClient(
            HttpClients.custom()
                .setSSLContext(house.pki().tls("hwe-client", "gateway-ca"))
                .build());
    r4.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.ONCE);
    IGenericClient client = r4.newRestfulGenericClient(house.gateway().base() + "/fhir");
    client.registerInterceptor(new FreshToken(asker::token));
    return client;
  }

  /** A token is good for one request. */
  private record FreshToken(Supplier<String> tokens) implements IClientInterceptor {

    @Override
    public void interceptRequest(IHttpRequest request) {
      request.addHeader("Authorization", "Bearer " + tokens.get());
    }

    @Override
    public void interceptResponse(IHttpResponse response) {
      // There is nothing to do.
    }
  }
}
