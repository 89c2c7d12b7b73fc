/* rulexml: the front end of the XML rule language.
 *
 *     <rule>
 *       <description> name, category, os, severity, mitreattackid, explanation ... </description>
 *       <definition>
 *         <ancestor distance="2"> expression </ancestor>
 *         <parentprocess> expression </parentprocess>
 *         <process> expression </process>
 *         <operations> <operation type="WriteFile"> expression </operation> ... </operations>
 *       </definition>
 *       <maliciousTarget name="current"/>
 *       <actions> <action name="TriggerDetection"/> ... </actions>
 *     </rule>
 *
 * An expression is one <operator type="AND|OR|NOT"> of expressions or one <condition component property condition
 * value>. Element names, attribute names and words are read in any case.
 *
 * A rule becomes one entry of the set for each kind of event its operations are about, all with the same id, so
 * that the engine can route them; no event matches two of them. A rule whose category is "Exclusion" is marked
 * `on_demand`. What cannot be accepted is refused with its line and a reason.
 *
 * The text must be UTF-8, without a document type and so without entities of its own; nothing is ever fetched.
 */
#ifndef YAGURA_XDR_RULEXML_RULEXML_H
#define YAGURA_XDR_RULEXML_RULEXML_H

#include "xdr/rule.h"

/* The file name is only told in refusals. False when the text added a refusal. */
bool ruleset_add_xml(struct ruleset *set, struct str file, struct str text);

#endif
