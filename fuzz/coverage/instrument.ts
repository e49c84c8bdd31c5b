import ts from 'typescript';

/** Name of the function that instrumented code calls at every branch: see counters.ts. */
export const hitName = '__fuzzHit';

/**
 * Turns TypeScript into JavaScript that calls `__fuzzHit(n)` at the start of every function and on
 * every branch: `if`, `?:`, `&&`, `||`, `??`, loops, cases, handlers.
 *
 * @param nextId - gives a number to each place
 */
export function instrument(source: string, fileName: string, nextId: () => number): string {
  const { outputText } = ts.transpileModule(source, {
    fileName,
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
    transformers: { before: [branchCounter(nextId)] },
  });
  return outputText;
}

function branchCounter(nextId: () => number): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory } = context;
    const hit = (): ts.Expression =>
      factory.createCallExpression(factory.createIdentifier(hitName), undefined, [
        factory.createNumericLiteral(nextId()),
      ]);
    const counted = (expression: ts.Expression): ts.Expression =>
      factory.createParenthesizedExpression(
        factory.createComma(hit(), factory.createParenthesizedExpression(expression)),
      );
    const inBlock = (statement: ts.Statement): ts.Block =>
      factory.createBlock([
        factory.createExpressionStatement(hit()),
        ...(ts.isBlock(statement) ? statement.statements : [statement]),
      ]);
    const visit = (node: ts.Node): ts.Node => withCounters(ts.visitEachChild(node, visit, context));

    const withCounters = (node: ts.Node): ts.Node => {
      if (ts.isIfStatement(node)) {
        return factory.updateIfStatement(
          node,
          node.expression,
          inBlock(node.thenStatement),
          inBlock(node.elseStatement ?? factory.createEmptyStatement()),
        );
      }
      if (ts.isConditionalExpression(node)) {
        return factory.updateConditionalExpression(
          node,
          node.condition,
          node.questionToken,
          counted(node.whenTrue),
          node.colonToken,
          counted(node.whenFalse),
        );
      }
      if (ts.isBinaryExpression(node) && isShortCircuit(node.operatorToken.kind)) {
        const { left, operatorToken } = node;
        return factory.updateBinaryExpression(node, left, operatorToken, counted(node.right));
      }
      if (ts.isForStatement(node)) {
        const { initializer, condition, incrementor } = node;
        const body = inBlock(node.statement);
        return factory.updateForStatement(node, initializer, condition, incrementor, body);
      }
      if (ts.isForOfStatement(node)) {
        const { awaitModifier, initializer, expression } = node;
        const body = inBlock(node.statement);
        return factory.updateForOfStatement(node, awaitModifier, initializer, expression, body);
      }
      if (ts.isWhileStatement(node)) {
        return factory.updateWhileStatement(node, node.expression, inBlock(node.statement));
      }
      if (ts.isCaseClause(node)) {
        const statements = [factory.createExpressionStatement(hit()), ...node.statements];
        return factory.updateCaseClause(node, node.expression, statements);
      }
      if (ts.isCatchClause(node)) {
        return factory.updateCatchClause(node, node.variableDeclaration, inBlock(node.block));
      }
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = node;
        const body = counted(node.body);
        return factory.updateArrowFunction(
          node,
          modifiers,
          typeParameters,
          parameters,
          type,
          equalsGreaterThanToken,
          body,
        );
      }
      // The bodies of all other functions; a constructor's first call may have to be super().
      if (ts.isBlock(node) && isFunctionBody(node)) return inBlock(node);
      return node;
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}

function isShortCircuit(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}

function isFunctionBody(node: ts.Block): boolean {
  const { parent } = ts.getOriginalNode(node);
  return (
    parent !== undefined &&
    (ts.isFunctionDeclaration(parent) ||
      ts.isFunctionExpression(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isArrowFunction(parent) ||
      ts.isGetAccessor(parent))
  );
}
