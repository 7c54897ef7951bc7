package dev.ermine.audit;

import static dev.ermine.audit.Datatypes.concept;
import static dev.ermine.audit.Datatypes.identifier;
import static dev.ermine.audit.Datatypes.object;
import static dev.ermine.audit.Datatypes.reference;
import static dev.ermine.audit.Datatypes.text;
import static dev.ermine.audit.Datatypes.uri;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.audit.AuditRecord.Act;
import dev.ermine.audit.AuditRecord.Interaction;
import dev.ermine.audit.AuditRecord.Issue;
import dev.ermine.audit.AuditRecord.Query;
import dev.ermine.audit.AuditRecord.Refusal;
import dev.ermine.audit.AuditRecord.Told;
import dev.ermine.region.Organisation;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The participants of an event.
 *
 * @see <a href="https://hl7.org/fhir/R4/auditevent-definitions.html#AuditEvent.agent">FHIR R4:
 *     AuditEvent.agent</a>
 */
final class Agents {

  private static final String DCM = "http://dicom.nema.org/resources/ontology/DCM";
  private static final String PARTICIPATION =
      "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
  private static final String ROLE_CLASS = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";
  static final String REGION = "https://ermine.dev/fhir/CodeSystem/region";
  private static final String GATEWAY = "https://ermine.dev/fhir/CodeSystem/gateway";
  static final String OFFICER = "https://ermine.dev/fhir/CodeSystem/officer";
  static final String SDS_USER = "https://fhir.nhs.uk/Id/sds-user-id";
  static final String ORIGINATOR = "AUT";
  private static final String IP_ADDRESS = "2";
  private static final String ADDRESS_IS_URI = "5";

  private final Regions.Gateway gateway;
  private final URI base;

  Agents(Regions.Gateway gateway, URI base) {
    this.gateway = gateway;
    this.base = base;
  }

  /** On which side of the data an agent stands: a search is sent by the client, a read to it. */
  private enum Side {
    SOURCE("110153"),
    DESTINATION("110152");

    private final String code;

    Side(String code) {
      this.code = code;
    }
  }

  /** Client, gateway, user and their organisation; the region that they ask from. */
  ArrayNode of(Query query) {
    boolean read = query.interaction() == Interaction.READ;
    Requester requester = query.requester();
    ObjectNode client = client(read ? Side.DESTINATION : Side.SOURCE, query.client());
    client.set("who", region(requester.sender()));
    return addAsker(
        object().arrayNode().add(client).add(server(read ? Side.SOURCE : Side.DESTINATION)),
        requester);
  }

  /** Where the client is another region's gateway, that other is named besides. */
  private static ArrayNode addAsker(ArrayNode agents, Requester requester) {
    agents.add(user(requester)).add(organisation(requester.organisation()));
    requester.forwarder().ifPresent(_ -> agents.add(originator(requester.region())));
    return agents;
  }

  /** The gateway that tells, and the region whose office is told. */
  ArrayNode of(Told told) {
    ObjectNode office = agent(concept(DCM, Side.DESTINATION.code), false);
    office.set("who", region(told.region()));
    ObjectNode gateway = server(Side.SOURCE).put("requestor", true);
    return object().arrayNode().add(gateway).add(office);
  }

  /** Client and gateway, and the user whom the token proves. */
  ArrayNode of(Issue issue) {
    Requester requester = issue.requester();
    return of(issue.client(), Optional.of(requester.sender()), Optional.of(requester));
  }

  /** Client and gateway, and the user as far as one is proven. */
  ArrayNode of(Refusal refusal) {
    return of(refusal.client(), refusal.region(), refusal.requester());
  }

  private ArrayNode of(String address, Optional<RegionId> region, Optional<Requester> requester) {
    ObjectNode client = client(Side.SOURCE, address);
    region.ifPresent(known -> client.set("who", region(known)));
    ArrayNode agents = object().arrayNode().add(client).add(server(Side.DESTINATION));
    requester.ifPresent(proven -> addAsker(agents, proven));
    return agents;
  }

  /** Client, gateway, and the officer, by the certificate that says so. */
  ArrayNode of(Act act) {
    ObjectNode officer = agent(concept(PARTICIPATION, "IRCP"), true);
    officer.set("who", reference("Practitioner", identifier(OFFICER, act.officer())));
    return object()
        .arrayNode()
        .add(client(Side.SOURCE, act.client()))
        .add(server(Side.DESTINATION))
        .add(officer);
  }

  /** The system that asks, as its network address. */
  private static ObjectNode client(Side side, String address) {
    ObjectNode agent = agent(concept(DCM, side.code), false);
    if (!address.isBlank()) {
      agent.set("network", text(object(), "address", address).put("type", IP_ADDRESS));
    }
    return agent;
  }

  /** This gateway, as the server. */
  private ObjectNode server(Side side) {
    ObjectNode agent = agent(concept(DCM, side.code), false);
    agent.set("who", observer());
    agent.set("network", object().put("address", base.toString()).put("type", ADDRESS_IS_URI));
    return agent;
  }

  /** This gateway, as the one that saw what happened. */
  ObjectNode observer() {
    ObjectNode who = reference("Device", identifier(GATEWAY, gateway.id()));
    return text(who, "display", gateway.organisation().name());
  }

  /** The person who asks, by the token that says so. */
  private static ObjectNode user(Requester requester) {
    ObjectNode agent = agent(concept(PARTICIPATION, "IRCP"), true);
    if (!requester.roles().isEmpty()) {
      agent.set("role", Claims.roles(requester.roles()));
    }
    agent.set("who", reference("Practitioner", userId(requester)));
    requester.name().ifPresent(name -> text(agent, "name", name));
    agent.putArray("policy").add("urn:ietf:params:oauth:jti:" + uri(requester.tokenId()));
    agent.set("purposeOfUse", Claims.purposes(requester.purposes()));
    return agent;
  }

  private static ObjectNode userId(Requester requester) {
    return requester
        .userId()
        .map(id -> identifier(SDS_USER, id))
        .orElseGet(() -> identifier(uri(requester.issuer()), requester.subject()));
  }

  /** The organisation that the person asks for. */
  private static ObjectNode organisation(Organisation organisation) {
    ObjectNode who = reference("Organization", identifier(Organisation.SYSTEM, organisation.ods()));
    ObjectNode agent = agent(concept(ROLE_CLASS, "PROV"), false);
    agent.set("who", text(who, "display", organisation.name()));
    return agent;
  }

  /** The region in which a question began that another one hands on. */
  static ObjectNode originator(RegionId region) {
    ObjectNode agent = agent(concept(PARTICIPATION, ORIGINATOR), false);
    agent.set("who", region(region));
    return agent;
  }

  /** A region that is asked for what it holds, and the rules that permit it. */
  static ObjectNode custodian(RegionId region, List<String> rules) {
    ObjectNode agent = agent(concept(PARTICIPATION, "CST"), false);
    agent.set("who", region(region));
    ArrayNode policy = agent.putArray("policy");
    rules.forEach(rule -> policy.add(uri(rule)));
    return agent;
  }

  private static ObjectNode region(RegionId region) {
    return reference("Organization", identifier(REGION, region.value()));
  }

  private static ObjectNode agent(ObjectNode type, boolean requestor) {
    ObjectNode agent = object();
    agent.set("type", type);
    return agent.put("requestor", requestor);
  }
}
